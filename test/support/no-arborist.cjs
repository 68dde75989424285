/**
 * Stands in for npm's own library, which @pulumi/pulumi loads to pack the packages of a serialised function: 450 modules
 * in every test file, and nothing here packs one.
 */
module.exports = {};
