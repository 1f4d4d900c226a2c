namespace Osapi.Transport.Embedded;

/// <summary>One bucket of objects.</summary>
/// <remarks>
/// The content is in a file of its own, so that a large object passes neither through the log nor through memory; the
/// row that names the file makes it visible. A file is never changed: a reader of a replaced object reads the old
/// content to its end.
/// </remarks>
internal sealed class SqliteObjects(string bucket, ObjectFiles files, GroupCommitWriter writer, ReaderPool readers, StoreClock clock) : IObjects
{
    private const string Columns = "name, size, sha256, modified, metadata";

    public Task<ObjectInfo> PutAsync(string name, Stream content, string? metadata, CancellationToken cancellationToken) => PutDescribedAsync(name, content, () => metadata, cancellationToken);

    public async Task<ObjectInfo> PutDescribedAsync(string name, Stream content, Func<string?> metadata, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(content);
        var file = ObjectFiles.NewName();
        var isStored = false;
        try
        {
            var (size, sha256) = await files.WriteAsync(file, content, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            var text = metadata();
            // Not cancellable from here on: only the commit decides whether the file is needed.
            var (stored, replaced) = await writer.RunAsync(Replace, committed: null, CancellationToken.None);
            isStored = true;
            if (replaced is not null)
                files.Delete(replaced);
            return stored;

            (ObjectInfo Stored, string? Replaced) Replace(SqliteSession session)
            {
                ObjectInfo info = new(name, size, sha256, clock.Stamp(), text);
                var old = FileOf(session, name);
                session.Execute(
                    "insert or replace into objects (bucket, name, file, size, sha256, modified, metadata) values ($1, $2, $3, $4, $5, $6, $7)",
                    bucket, name, file, size, sha256, info.Modified.UtcTicks, text);
                return (info, old);
            }
        }
        finally
        {
            if (!isStored)
                files.Delete(file);
        }
    }

    public Task<bool> RedescribeAsync(string name, string expected, string metadata, CancellationToken cancellationToken) => writer.RunAsync(
        session => session.Execute("update objects set metadata = $4 where bucket = $1 and name = $2 and metadata = $3", bucket, name, expected, metadata) > 0, committed: null, cancellationToken);

    public Task<ObjectInfo?> FindAsync(string name, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return readers.ReadAsync(session => Read(session, $"select {Columns} from objects where bucket = $1 and name = $2", bucket, name) is [var info] ? info : null, cancellationToken);
    }

    public async Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        string? missing = null;
        while (await readers.ReadAsync(session => FileOf(session, name), cancellationToken) is { } file)
        {
            if (files.TryOpen(file) is { } content)
                return content;
            // The object was replaced or removed in between; the same file missing twice means that it is lost.
            if (file == missing)
                throw new DamagedObjectException($"The content of the object '{name}' is lost: {files.PathOf(file)} does not exist.");
            missing = file;
        }

        return null;
    }

    public async Task<bool> DeleteAsync(string name, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return await writer.RunAsync(Delete, file => { if (file is not null) files.Delete(file); }, cancellationToken) is not null;

        string? Delete(SqliteSession session)
        {
            var file = FileOf(session, name);
            session.Execute("delete from objects where bucket = $1 and name = $2", bucket, name);
            return file;
        }
    }

    public Task<IReadOnlyList<ObjectInfo>> ListAsync(CancellationToken cancellationToken) =>
        readers.ReadAsync(session => Read(session, $"select {Columns} from objects where bucket = $1 order by name", bucket), cancellationToken);

    /// <summary>Gets the names of the objects stored before a time.</summary>
    public IReadOnlyList<string> Before(DateTimeOffset time) => readers.Read<IReadOnlyList<string>>(session =>
        [.. Read(session, $"select {Columns} from objects where bucket = $1 and modified < $2", bucket, time.UtcTicks).Select(info => info.Name)]);

    private string? FileOf(SqliteSession session, string name) => (string?)session.Scalar("select file from objects where bucket = $1 and name = $2", bucket, name);

    private static IReadOnlyList<ObjectInfo> Read(SqliteSession session, string sql, params ReadOnlySpan<object?> values)
    {
        List<ObjectInfo> infos = [];
        using var row = session.Query(sql, values);
        while (row.Read())
            infos.Add(new(row.GetString(0), row.GetInt64(1), row.GetString(2), new(row.GetInt64(3), TimeSpan.Zero), row.IsDBNull(4) ? null : row.GetString(4)));
        return infos;
    }
}
