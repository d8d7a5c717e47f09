package config

import "github.com/ashlar-go/ashlar/errs"

// The codes of this package's mistakes; docs/errors.md explains each.
const (
	codeSection     = "A1301" // a section cannot be declared
	codeField       = "A1302" // a field or its tags cannot be a setting
	codeFile        = "A1303" // a config file cannot be read
	codeTwoFiles    = "A1304" // one config file in two formats
	codeNoFormat    = "A1305" // a file whose format was not given
	codeSyntax      = "A1306" // a file breaks its format's grammar
	codeUnknown     = "A1307" // a key or section that nobody reads
	codeTwice       = "A1308" // a key stands twice in a table
	codeType        = "A1309" // a value is of the wrong type
	codeRange       = "A1310" // a value is not allowed
	codeRequired    = "A1311" // a required value is missing
	codeSecretFile  = "A1312" // X and X_FILE are both set, or the file cannot be read
	codeFlag        = "A1313" // an unknown flag, or one without its value
	codeEnvironment = "A1314" // ASHLAR_ENV cannot be a name
	codeValidate    = "A1315" // a section's Validate said no
)

func unknownFlag(flag string, keys []string) error {
	mend := "remove it, or write it after -- if it is an argument"
	if key := nearest(flag, keys); key != "" {
		mend = "did you mean --" + key + "?"
	}
	return &errs.Setup{Code: codeFlag, What: "--" + flag + ": no such flag", Where: "the command line", Mend: mend}
}
