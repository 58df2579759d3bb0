"""What carries messages between nodes: Zenoh, and folders of files."""
