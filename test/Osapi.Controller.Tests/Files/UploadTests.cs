using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Osapi.Client;
using Osapi.Operations.Files;

namespace Osapi.Controller.Tests.Files;

public sealed class UploadTests : ControllerTest
{
    [Fact]
    public async Task Stores_a_file_and_answers_201_in_the_shape_that_clients_know()
    {
        var answer = await UploadAsync("app.conf", "hello", "template");

        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Equal(
            """{"name":"app.conf","sha256":"2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824","size":5,"changed":true,"content_type":"template"}""",
            answer.Body);
    }

    [Fact]
    public async Task Lists_reads_downloads_and_deletes()
    {
        await UploadAsync("b", "bb");
        await UploadAsync("dir/a b%.conf", "a");

        var list = await fixture.GetAsync("/file");
        var one = await fixture.GetAsync("/file/dir%2Fa%20b%25.conf");
        var content = await fixture.GetAsync("/file/dir%2Fa%20b%25.conf/content");
        var deleted = await fixture.SendAsync("DELETE", "/file/b");
        var gone = await fixture.SendAsync("DELETE", "/file/b");

        Assert.Equal((HttpStatusCode.OK, 2), (list.Status, list.Json.GetProperty("total").GetInt32()));
        Assert.Equal(["b", "dir/a b%.conf"], list.Json.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("name").GetString()));
        Assert.Equal("raw", one.Json.GetProperty("content_type").GetString());
        Assert.Equal((HttpStatusCode.OK, "a"), (content.Status, content.Body));
        Assert.Equal((HttpStatusCode.OK, """{"name":"b","deleted":true}"""), (deleted.Status, deleted.Body));
        Assert.Equal((HttpStatusCode.NotFound, "file not found: b"), (gone.Status, gone.Json.GetProperty("error").GetString()));
        Assert.Equal(HttpStatusCode.NotFound, (await fixture.GetAsync("/file/b/content")).Status);
    }

    [Fact]
    public async Task A_percent_sign_in_a_name_is_one()
    {
        await UploadAsync("x/y", "slash");
        await UploadAsync("x%2Fy", "percent");
        await UploadAsync("x%252Fy", "twice");
        using OsapiClient client = new(fixture.Http.BaseAddress!, fixture.Admin);

        Assert.Equal("percent", (await fixture.GetAsync("/file/x%252Fy/content")).Body);
        Assert.Equal("slash", (await fixture.GetAsync("/file/x%2fy/content?a=b%2Fc")).Body);
        Assert.Equal("x%252Fy", (await client.File.GetAsync("x%252Fy", cancellationToken: fixture.TestTimeout)).Name);
        // The target may be an absolute URL (RFC 9112, 3.2.2).
        Assert.Contains("\"x%2Fy\"", await fixture.SendRawAsync($"GET http://here/file/x%252Fy HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer {fixture.Admin}\r\nConnection: close\r\n\r\n"), StringComparison.Ordinal);
        Assert.Equal("x%2Fy", (await client.File.DeleteAsync("x%2Fy", cancellationToken: fixture.TestTimeout)).Name);
        Assert.Equal(["x%252Fy", "x/y"], (await client.File.ListAsync(cancellationToken: fixture.TestTimeout)).Files.Select(file => file.Name));
    }

    [Fact]
    public async Task An_empty_store_lists_nothing() => Assert.Equal("""{"files":[],"total":0}""", (await fixture.GetAsync("/file")).Body);

    [Fact]
    public async Task The_same_file_again_is_unchanged_and_another_one_needs_force()
    {
        await UploadAsync("a", "one");

        Assert.False((await UploadAsync("a", "one")).Json.GetProperty("changed").GetBoolean());
        var different = await UploadAsync("a", "two");
        var otherType = await UploadAsync("a", "one", "template");
        Assert.Equal("one", (await fixture.GetAsync("/file/a/content")).Body);
        var forced = await UploadAsync("a", "two", force: "true");
        var forcedAgain = await UploadAsync("a", "two", force: "true");

        Assert.Equal((HttpStatusCode.Conflict, "file a already exists with different content; use force to overwrite"), (different.Status, different.Json.GetProperty("error").GetString()));
        Assert.Equal((HttpStatusCode.Conflict, "file a already exists with the content type raw; use force to overwrite"), (otherType.Status, otherType.Json.GetProperty("error").GetString()));
        Assert.True(forced.Json.GetProperty("changed").GetBoolean());
        Assert.False(forcedAgain.Json.GetProperty("changed").GetBoolean());
        Assert.Equal("two", (await fixture.GetAsync("/file/a/content")).Body);
    }

    [Fact]
    public async Task All_problems_are_reported_together()
    {
        using MultipartFormDataContent form = new()
        {
            { new StringContent("../../etc/passwd"), "\"name\"" },
            { new StringContent("text/plain"), "\"content_type\"" },
            { new StringContent("x"), "\"nmae\"" },
            { new ByteArrayContent([1]), "\"file\"", "\"f\"" },
        };

        var answer = await SendAsync(form, "?force=notabool&unheard=1");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(
            ["unheard is unknown in the query", "nmae is unknown; did you mean 'name'?", "name must be an object name: 1 to 255 bytes without control characters, no slash at either end, no segment that is empty, '.' or '..'",
             "content_type must be one of raw, template", "force must be true or false"],
            answer.Json.GetProperty("errors").EnumerateArray().Select(error => error.GetString()));
        Assert.Empty((await fixture.Transport.Files.ListAsync(fixture.TestTimeout)));
    }

    [Fact]
    public async Task An_empty_file_is_a_file_like_any_other()
    {
        foreach (var isNew in (bool[])[true, false])
        {
            using MultipartFormDataContent form = new() { { new StringContent("empty"), "\"name\"" }, { new ByteArrayContent([]), "\"file\"", "\"f\"" } };
            var answer = (await SendAsync(form)).Assert2xx(HttpStatusCode.Created);
            Assert.Equal((0, isNew), (answer.Json.GetProperty("size").GetInt64(), answer.Json.GetProperty("changed").GetBoolean()));
        }

        Assert.Equal("", (await fixture.GetAsync("/file/empty/content")).Body);
        Assert.Equal(0, (await fixture.GetAsync("/file/empty")).Json.GetProperty("size").GetInt64());
    }

    [Fact]
    public async Task A_form_without_anything_names_what_is_required()
    {
        using MultipartFormDataContent form = new() { { new StringContent("raw"), "\"content_type\"" } };

        var answer = await SendAsync(form);

        Assert.Equal(["name is required", "file is required"], answer.Json.GetProperty("errors").EnumerateArray().Select(error => error.GetString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../b")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData(".")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    public async Task A_hostile_name_is_refused(string name)
    {
        var answer = await UploadAsync(name, "x");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.StartsWith("name must be an object name", answer.Json.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_may_have_255_bytes_and_no_more()
    {
        Assert.Equal(HttpStatusCode.Created, (await UploadAsync(new string('é', 127) + "x", "x")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await UploadAsync(new string('é', 128), "x")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await UploadAsync(new string('x', 10_000_000), "x")).Status);
    }

    [Fact]
    public async Task Parts_come_in_any_order()
    {
        using MultipartFormDataContent form = new() { { new StringContent("x"), "\"file\"", "\"f\"" }, { new StringContent("late"), "\"name\"" } };

        Assert.Equal("late", (await SendAsync(form)).Json.GetProperty("name").GetString());
    }

    [Fact]
    public async Task Invalid_or_incomplete_forms_are_refused()
    {
        var json = await fixture.PostAsync("/file", "{}");
        var torn = await fixture.SendAsync("POST", "/file", "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nx", contentType: "multipart/form-data; boundary=b");

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, json.Status);
        Assert.Equal(HttpStatusCode.BadRequest, torn.Status);
        Assert.StartsWith("failed to read multipart: ", torn.Json.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_than_the_limit_is_413_and_leaves_nothing()
    {
        await fixture.StopAsync();
        await fixture.StartAsync(options => options with { MaxUploadBytes = 100_000 });

        var answer = await UploadAsync("a", new string('x', 200_000));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
        Assert.Empty(await fixture.Transport.Files.ListAsync(fixture.TestTimeout));
        Assert.False(Directory.Exists(Path.Combine(fixture.Directory, "uploads")) && Directory.EnumerateFiles(Path.Combine(fixture.Directory, "uploads")).Any());
    }

    [Fact]
    public async Task Reading_needs_file_read_and_storing_file_write()
    {
        var reader = fixture.Token([], "file:read");
        await UploadAsync("a", "x");

        Assert.Equal(HttpStatusCode.OK, (await fixture.SendAsync("GET", "/file/a/content", token: reader)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await fixture.SendAsync("DELETE", "/file/a", token: reader)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await fixture.SendAsync("POST", "/file", "x", token: reader)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await fixture.SendAsync("GET", "/file/a/content", token: null)).Status);
        Assert.Equal("insufficient permissions: file:read is required", (await fixture.SendAsync("GET", "/file/a/content", token: fixture.Token([], "node:read"))).Json.GetProperty("error").GetString());
    }

    [Fact]
    public async Task Of_concurrent_different_uploads_without_force_one_wins_and_the_others_get_a_conflict()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => UploadAsync("a", $"content {i}")));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
        Assert.Equal(7, answers.Count(answer => answer.Status == HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task The_client_uploads_asks_and_downloads()
    {
        using OsapiClient client = new(fixture.Http.BaseAddress!, fixture.Admin);

        var first = await client.File.UploadAsync("x/y", Bytes("one"), FileContentType.Template, cancellationToken: fixture.TestTimeout);
        var second = await client.File.UploadAsync("x/y", Bytes("one"), FileContentType.Template, cancellationToken: fixture.TestTimeout);
        await Assert.ThrowsAsync<ConflictException>(() => client.File.UploadAsync("x/y", Bytes("two"), FileContentType.Template, cancellationToken: fixture.TestTimeout));

        Assert.True(first.Changed);
        Assert.False(second.Changed);
        Assert.False(await client.File.IsChangedAsync("x/y", Bytes("one"), fixture.TestTimeout));
        Assert.True(await client.File.IsChangedAsync("x/y", Bytes("two"), fixture.TestTimeout));
        Assert.True(await client.File.IsChangedAsync("nope", Bytes("two"), fixture.TestTimeout));
        using StreamReader reader = new(await client.File.DownloadAsync("x/y", fixture.TestTimeout));
        Assert.Equal("one", await reader.ReadToEndAsync(fixture.TestTimeout));
        Assert.Equal(["x/y"], (await client.File.ListAsync(cancellationToken: fixture.TestTimeout)).Files.Select(file => file.Name));
        await Assert.ThrowsAsync<NotFoundException>(() => client.File.DownloadAsync("nope", fixture.TestTimeout));
        var missing = await Assert.ThrowsAsync<ValidationException>(() =>
            client.SendAsync(FileOperations.Upload, new UploadFile { Name = "a", Path = "/no/such/file" }, null, null, fixture.TestTimeout));
        Assert.Equal("path: /no/such/file cannot be read: there is no such file", missing.Message);
        var directory = await Assert.ThrowsAsync<ValidationException>(() =>
            client.SendAsync(FileOperations.Upload, new UploadFile { Name = "a", Path = fixture.Directory }, null, null, fixture.TestTimeout));
        Assert.Equal($"path: {fixture.Directory} cannot be read: it is a directory", directory.Message);
    }

    [Theory]
    [InlineData("/proc/self/status")]
    [InlineData("/sys/kernel/mm/transparent_hugepage/enabled")]
    public async Task A_file_that_the_kernel_makes_up_is_stored_as_it_reads(string path)
    {
        using OsapiClient client = new(fixture.Http.BaseAddress!, fixture.Admin);

        await client.SendAsync(FileOperations.Upload, new UploadFile { Name = "kernel", Path = path }, null, null, fixture.TestTimeout);

        var stored = await client.File.GetAsync("kernel", cancellationToken: fixture.TestTimeout);
        Assert.InRange(stored.Size, 1, 100_000);
        using StreamReader reader = new(await client.File.DownloadAsync("kernel", fixture.TestTimeout));
        Assert.Equal((await File.ReadAllTextAsync(path, fixture.TestTimeout))[..4], (await reader.ReadToEndAsync(fixture.TestTimeout))[..4]);
    }

    [Fact]
    public async Task A_file_that_grows_is_stored_as_long_as_it_was()
    {
        using OsapiClient client = new(fixture.Http.BaseAddress!, fixture.Admin);

        var stored = await client.File.UploadAsync("log", new ChangingStream(announced: 3 << 20, real: 4 << 20), force: true, cancellationToken: fixture.TestTimeout);

        Assert.Equal(3 << 20, stored.Size);
    }

    [Fact]
    public async Task A_file_that_becomes_shorter_is_not_stored_and_the_error_has_the_reason()
    {
        using OsapiClient client = new(fixture.Http.BaseAddress!, fixture.Admin);

        var failure = await Assert.ThrowsAsync<ValidationException>(() =>
            client.File.UploadAsync("log", new ChangingStream(announced: 3 << 20, real: 2 << 20), force: true, cancellationToken: fixture.TestTimeout));

        Assert.Equal("path: - became shorter while it was sent: 2097152 of 3145728 bytes were read; nothing was stored", failure.Message);
        Assert.Empty((await client.File.ListAsync(cancellationToken: fixture.TestTimeout)).Files);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_to_its_end_is_not_called_a_broken_connection()
    {
        using OsapiClient client = new(fixture.Http.BaseAddress!, fixture.Admin);

        var failure = await Assert.ThrowsAsync<ValidationException>(() =>
            client.SendAsync(FileOperations.Upload, new UploadFile { Name = "memory", Path = "/proc/self/mem" }, null, null, fixture.TestTimeout));

        Assert.StartsWith("path: /proc/self/mem cannot be read: ", failure.Message, StringComparison.Ordinal);
    }

    private static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));

    private async Task<Answer> UploadAsync(string name, string content, string? type = null, string? force = null)
    {
        using MultipartFormDataContent form = new() { { new StringContent(name), "\"name\"" } };
        if (type is not null)
            form.Add(new StringContent(type), "\"content_type\"");
        form.Add(new StringContent(content), "\"file\"", "\"f\"");
        return await SendAsync(form, force is null ? "" : $"?force={force}");
    }

    private async Task<Answer> SendAsync(HttpContent form, string query = "")
    {
        using HttpRequestMessage message = new(HttpMethod.Post, "/file" + query) { Content = form };
        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", fixture.Admin);
        return await Answer.ReadAsync(await fixture.Http.SendAsync(message, fixture.TestTimeout), fixture.TestTimeout);
    }

    /// <summary>A stream that has more, or fewer, bytes than its length.</summary>
    private sealed class ChangingStream(long announced, long real) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => announced;

        public override long Position { get; set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            count = (int)Math.Min(count, real - Position);
            Position += count;
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
