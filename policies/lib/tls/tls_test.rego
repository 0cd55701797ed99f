package policies.lib.tls_test

import data.policies.lib.tls

test_options_that_switch_it_off if {
	every value in [
		"host=db sslmode=disable",
		"postgres://db/app?sslmode=disable&x=1",
		"mysql://db/app?ssl-mode=disabled",
		"jdbc:mysql://db/app?usessl=false",
		"mongodb://db/?tls=false",
		"server=db;encrypt=no;",
	] {
		tls.is_switched_off("DSN", value)
	}
}

test_options_that_do_not if {
	every value in ["sslmode=require", "postgres://db/app?sslmode=disable2", "xtls=false", "tls=true", "disable"] {
		not tls.is_switched_off("DSN", value)
	}
}

test_variables_that_switch_it_off if {
	every key in ["DB_SSL", "DATABASE_SSL_MODE", "PGSSLMODE", "REDIS_TLS_ENABLED", "MYSQL_USE_SSL"] {
		tls.is_switched_off(key, "disable")
	}
}

test_variables_that_do_not if {
	every case in [["DB_SSL", "require"], ["SSL_MODE", "disable"], ["SMTP_TLS", "off"], ["DB_SSL_CERT", "no"]] {
		not tls.is_switched_off(case[0], case[1])
	}
}
