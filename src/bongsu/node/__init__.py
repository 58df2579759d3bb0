"""The running installation of one nation at one site in one realm."""
