package policies.env["debug-in-production_test"]

import data.policies.env["debug-in-production"] as rule
import data.policies.lib.finding

_file(key, value) := {"environment": "production", "entries": [{"key": key, "value": value}]}

_settings := [
	["DEBUG", "true"],
	["app_debug", "True"],
	["FLASK_DEBUG", "1"],
	["DEBUG_MODE", "on"],
	["DEBUG_ENABLED", "yes"],
	["ENABLE_DEBUG", "true"],
	["DEBUG", "*"],
	["DEBUG", "express:*"],
	["LOG_LEVEL", "debug"],
	["APP_LOGLEVEL", "TRACE"],
	["LOGGING_LEVEL_ROOT", "debug"],
	["RUST_LOG", "trace"],
	["LOG_LEVEL", "verbose"],
	["LOG_LEVEL", "silly"],
	["LOG_LEVEL", "all"],
	["NODE_ENV", "development"],
	["APP_ENV", "local"],
	["GIN_MODE", "debug"],
	["ASPNETCORE_ENVIRONMENT", "Development"],
	["DJANGO_ENV", "dev"],
	["DOTNET_ENVIRONMENT", "Development"],
	["FLASK_ENV", "development"],
	["RACK_ENV", "development"],
	["RAILS_ENV", "development"],
]

test_deny_settings_that_debug if {
	every setting in _settings {
		[key, value] := setting
		message := $"{key} is {value}"
		rule.deny == {finding.at(["entries", 0, "value"], message)} with input as _file(key, value)
	}
}

test_allow_other_settings if {
	every setting in [
		["DEBUG", "false"],
		["DEBUG", "0"],
		["DEBUG_PORT", "1"],
		["XDEBUG", "1"],
		["DEBUGGER", "true"],
		["LOG_LEVEL", "info"],
		["CATALOG_LEVELS", "debug"],
		["NODE_ENV", "production"],
		["APP_NAME", "debug"],
	] {
		[key, value] := setting
		rule.deny == set() with input as _file(key, value)
	}
}

test_allow_outside_of_production if {
	every environment in ["staging", "development", "test"] {
		rule.deny == set() with input as object.union(_file("DEBUG", "true"), {"environment": environment})
	}
}

test_allow_without_an_environment if {
	rule.deny == set() with input as object.remove(_file("DEBUG", "true"), ["environment"])
}
