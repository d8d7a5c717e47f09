package db

// What the tests of this folder look at from inside.
var SplitArray = splitArray
