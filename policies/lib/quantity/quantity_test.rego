package policies.lib.quantity_test

import data.policies.lib.quantity

test_amounts if {
	amounts := {
		"0": 0,
		"0.5": 0.5,
		".5": 0.5,
		"2.": 2,
		"+2": 2,
		"-2": -2,
		"007": 7,
		"500m": 0.5,
		"100m": 0.1,
		"0.1": 0.1,
		"5u": 0.000005,
		"7n": 0.000000007,
		"1k": 1000,
		"129M": 129000000,
		"1G": 1000000000,
		"3T": 3000000000000,
		"2P": 2000000000000000,
		"1E": 1000000000000000000,
		"1Ki": 1024,
		"0.5Gi": 536870912,
		"1.5Mi": 1572864,
		"1Gi": 1073741824,
		"3Ti": 3298534883328,
		"1Pi": 1125899906842624,
		"3Ei": 3458764513820540928,
		"1e3": 1000,
		"1E3": 1000,
		"12e+2": 1200,
		"1500e-3": 1.5,
		"128974848": 128974848,
		"9007199254740993": 9007199254740993,
	}
	amounts == {text: quantity.amount(text) | some text, _ in amounts}
}

test_amounts_of_numbers if {
	[quantity.amount(number) | some number in [0, 0.5, 0.1, 1000, 1e3, 1.5e10]] == [0, 0.5, 0.1, 1000, 1000, 15000000000]
}

test_equal_amounts_are_equal_numbers if {
	{quantity.amount(text) | some text in ["0.1", "100m", "1e-1", ".1", 0.1]} == {0.1}
	{quantity.amount(text) | some text in ["1Gi", "1024Mi", "1073741824", 1073741824]} == {1073741824}
}

test_what_is_no_quantity if {
	refused := [
		"", ".", "-", "Gi", "1gi", "1 Gi", "1GiB", "1MB", "512mb", "1.2.3", "1e", "1e+", "e3", "1e100", "0x10", "١", "1\n",
		"$(MEMORY)", null, true, ["1Gi"], {"1": "Gi"},
	]
	{text | some text in refused; quantity.amount(text)} == set()
}

test_go_bytes if {
	amounts := {
		"0": 0,
		"512": 512,
		"0512": 512,
		"512B": 512,
		"1KiB": 1024,
		"512MiB": 536870912,
		"2GiB": 2147483648,
		"1TiB": 1099511627776,
		"9223372036854775807": 9223372036854775807,
	}
	amounts == {text: quantity.go_bytes(text) | some text, _ in amounts}
}

test_what_the_go_runtime_refuses if {
	refused := [
		"", "off", "OFF", "512Mi", "512MB", "512M", "512mib", "0.5GiB", "1PiB", "MiB", "B", "-1", "-1MiB", "1 MiB", "1MiB ",
		"9223372036854775808", "8388608TiB",
	]
	{text | some text in refused; quantity.go_bytes(text)} == set()
}
