"""The catalogue's part of the city pack: `items/*.yaml`, one file per base item, and `samples/*.yaml`."""
