"""From plots that no track explains to confirmed tracks."""
