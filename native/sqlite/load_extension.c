/*
 * SQLite is compiled without loadable extensions, but the managed binding refers to these two functions. They refuse, as
 * SQLite does where extensions are switched off.
 */
#define SQLITE_ERROR 1

int sqlite3_load_extension(void *database, const char *file, const char *entry, char **message)
{
    (void)database, (void)file, (void)entry;
    if (message)
        *message = 0;
    return SQLITE_ERROR;
}

int sqlite3_enable_load_extension(void *database, int on)
{
    (void)database;
    return on ? SQLITE_ERROR : 0;
}
