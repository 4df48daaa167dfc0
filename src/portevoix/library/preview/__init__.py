"""What a page says about itself: title, description, picture, language, site, author, address.

Pure reading: bytes in, a `Preview` out, no network and no database (`reading.read_preview`). A page is believed in
this order: what it declares for sharing (Open Graph, then Twitter card), what it declares for machines (meta,
microdata, JSON-LD), what its readers see. Of two equal declarations the first wins. Nothing a page contains makes
it raise or linger: a page that says nothing gives a preview of empty fields.
"""
