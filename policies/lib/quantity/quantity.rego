# METADATA
# title: Amounts of memory and CPU
# description: |
#   Reads quantities as Kubernetes does (`0.5`, `500m`, `1Gi`, `1G`, `1e3`, `129M`) and amounts of bytes as the Go
#   runtime does, exactly.
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
#   - ref: https://pkg.go.dev/runtime#hdr-Environment_Variables
package policies.lib.quantity

# METADATA
# description: |
#   The amount of a Kubernetes quantity, written as a text or as a number, in its base unit (bytes, cores); undefined
#   for what is no quantity. All digits are read as one integer that is scaled once, so that equal amounts are equal
#   numbers however they are written.
amount(quantity) := ((_sign(parts[1]) * _integer(concat("", [parts[2], fraction]))) * scale.times) / divisor if {
	parts := regex.find_all_string_submatch_n(_quantity, $"{quantity}", 1)[0]
	fraction := concat("", [parts[3], parts[4]])
	scale := _scale(parts[5])
	divisor := scale.divided_by * _power(count(fraction))
}

# METADATA
# description: |
#   The bytes of a `GOMEMLIMIT`; undefined for `off`, which sets no limit, and for what the runtime refuses at start
#   (runtime.parseByteCount: digits, then nothing, `B`, `KiB`, `MiB`, `GiB` or `TiB`, below 2^63). `limit` is a text.
go_bytes(limit) := bytes if {
	parts := regex.find_all_string_submatch_n(`^([0-9]+)(|B|KiB|MiB|GiB|TiB)$`, limit, 1)[0]
	bytes := _integer(parts[1]) * _go_units[parts[2]]
	bytes < 9223372036854775808
}

_quantity := `^([+-]?)(?:([0-9]+)\.?([0-9]*)|\.([0-9]+))(|[KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]{1,2})$`

_sign("-") := -1

_sign("") := 1

_sign("+") := 1

# A leading one, taken away again, because `to_number` refuses leading zeros.
_integer(digits) := to_number($"1{digits}") - _power(count(digits))

_scale(suffix) := {"times": _multiples[suffix], "divided_by": 1}

_scale(suffix) := {"times": 1, "divided_by": _fractions[suffix]}

_scale(suffix) := {"times": _power(_integer(exponent[2])), "divided_by": 1} if {
	exponent := _exponent(suffix)
	exponent[1] != "-"
}

_scale(suffix) := {"times": 1, "divided_by": _power(_integer(exponent[2]))} if {
	exponent := _exponent(suffix)
	exponent[1] == "-"
}

_exponent(suffix) := regex.find_all_string_submatch_n(`^[eE]([+-]?)([0-9]+)$`, suffix, 1)[0]

_power(exponent) := product([10 | some _ in numbers.range(1, exponent)]) if exponent > 0

_power(0) := 1

_multiples := {
	"": 1,
	"k": 1000,
	"M": 1000000,
	"G": 1000000000,
	"T": 1000000000000,
	"P": 1000000000000000,
	"E": 1000000000000000000,
	"Ki": 1024,
	"Mi": 1048576,
	"Gi": 1073741824,
	"Ti": 1099511627776,
	"Pi": 1125899906842624,
	"Ei": 1152921504606846976,
}

_fractions := {"m": 1000, "u": 1000000, "n": 1000000000}

_go_units := {"": 1, "B": 1, "KiB": 1024, "MiB": 1048576, "GiB": 1073741824, "TiB": 1099511627776}
