"""Pages, by audience: member, studio, admin, auth, public. They parse, call one action, and answer; they never write."""
