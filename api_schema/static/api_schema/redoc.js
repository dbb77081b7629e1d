"use strict";

const place = document.getElementById("redoc");

// The search index would be built by a worker from a blob, which our policy does not allow.
Redoc.init(place.dataset.schema, { disableSearch: true, nativeScrollbars: true }, place);
