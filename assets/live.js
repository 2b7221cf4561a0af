// Only in `kompas serve`: load the page again when the site has been built anew.
new EventSource("/_kompas/live").onmessage = () => location.reload();
