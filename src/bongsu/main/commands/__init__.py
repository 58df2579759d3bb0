"""The commands of the bongsu program, one file each."""
