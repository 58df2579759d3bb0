"""`bongsu demo`: a made-up federation of real processes around a published flight."""
