"""The parts of the demo's page: pictures and tables, each made from the report alone."""
