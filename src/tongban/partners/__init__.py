"""Partners: signed HTTP to systems of others (SMS, mail, payment, identity check) and simulators that speak it."""
