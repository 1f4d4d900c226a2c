using Osapi.Transport.Embedded;

namespace Osapi.Transport.Tests.Embedded;

public sealed class StateDirectoryTests : EmbeddedTest
{
    // What version 3 did not have, and versions 1 and 2 did not have either.
    private const string WithoutAudit = "drop table log_audit; drop table ids_audit; delete from streams where name = 'audit';";
    private const string WithoutRuns = $"{WithoutAudit} drop table log_runs; drop table ids_runs; delete from streams where name = 'runs';";

    private string File => Path.Combine(fixture.Options.Directory, "osapi.db");

    [Fact]
    public async Task It_has_one_holder_and_names_it()
    {
        var transport = await fixture.OpenAsync();

        var busy = await Assert.ThrowsAsync<StateDirectoryBusyException>(() => EmbeddedTransport.OpenAsync(fixture.Options, Token));

        Assert.Equal((fixture.Options.Directory, Environment.ProcessId), (busy.Directory, busy.Holder));
        Assert.Equal($"The state directory {fixture.Options.Directory} is in use by process {Environment.ProcessId}.", busy.Message);
        await transport.PingAsync(Token);
    }

    [Fact]
    public async Task It_can_be_locked_when_its_holder_has_released_it()
    {
        await (await fixture.OpenAsync()).DisposeAsync();

        await (await fixture.OpenAsync()).PingAsync(Token);
    }

    [Fact]
    public async Task Files_of_a_dead_holder_do_not_block_the_next_one()
    {
        Directory.CreateDirectory(fixture.Options.Directory);
        await System.IO.File.WriteAllTextAsync(Path.Combine(fixture.Options.Directory, "lock"), "", Token);
        await System.IO.File.WriteAllTextAsync(Path.Combine(fixture.Options.Directory, "holder"), "1", Token);

        await (await fixture.OpenAsync()).PingAsync(Token);
    }

    [Fact]
    public async Task A_directory_that_cannot_be_used_is_named()
    {
        await System.IO.File.WriteAllTextAsync(fixture.Options.Directory, "a file", Token);

        var failure = await Assert.ThrowsAsync<TransportException>(fixture.OpenAsync);

        Assert.Contains(fixture.Options.Directory, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_store_is_reported_and_released()
    {
        var transport = await fixture.OpenAsync();
        await transport.AppendAsync([.. Enumerable.Range(0, 500).Select(i => new Append(StreamName.Jobs, $"a.{i}", new byte[100]))], Token);
        await transport.DisposeAsync();
        var whole = await System.IO.File.ReadAllBytesAsync(File, Token);

        foreach (var damaged in new byte[][] { [.. "This is not a database."u8, .. new byte[5000]], whole[..(whole.Length / 2)] })
        {
            await System.IO.File.WriteAllBytesAsync(File, damaged, Token);
            var failure = await Assert.ThrowsAsync<TransportException>(fixture.OpenAsync);
            Assert.StartsWith($"The store {File} is damaged: ", failure.Message, StringComparison.Ordinal);
        }

        await System.IO.File.WriteAllBytesAsync(File, whole, Token);
        Assert.Equal(500, (await (await fixture.OpenAsync()).StateAsync(StreamName.Jobs, Token)).LastSequence);
    }

    [Fact]
    public async Task A_store_of_version_1_gets_a_roster_and_keeps_what_it_has()
    {
        await using (var store = await fixture.OpenAsync())
            await store.Hosts.PutAsync("web", "record"u8.ToArray(), null, Token);
        Change($"drop table roster; {WithoutRuns} pragma user_version = 1");

        await using var opened = await fixture.OpenAsync();

        Assert.NotNull(await opened.Hosts.GetAsync("web", Token));
        Assert.Equal(0, (await opened.StateAsync(StreamName.Runs, Token)).LastSequence);
        Assert.NotNull(await opened.Roster.PutAsync("web", "word"u8.ToArray(), 0, Token));
    }

    [Fact]
    public async Task A_store_of_version_2_gets_a_log_of_runs_and_keeps_what_it_has()
    {
        await using (var store = await fixture.OpenAsync())
            await store.AppendAsync([new(StreamName.Jobs, "a", default)], Token);
        Change($"{WithoutRuns} pragma user_version = 2");

        await using (var opened = await fixture.OpenAsync())
        {
            Assert.Equal(1, (await opened.StateAsync(StreamName.Jobs, Token)).LastSequence);
            Assert.Equal(1, (await opened.AppendAsync([new(StreamName.Runs, "run.a", default, ExpectedLast: 0)], Token)).Sequence);
        }

        await using var again = await fixture.OpenAsync();
        Assert.NotNull(await again.LastAsync(StreamName.Runs, "run.a", Token));
    }

    [Fact]
    public async Task A_store_of_version_3_gets_a_log_of_audits_and_keeps_what_it_has()
    {
        await using (var store = await fixture.OpenAsync())
            await store.AppendAsync([new(StreamName.Runs, "run.a", default)], Token);
        Change($"{WithoutAudit} pragma user_version = 3");

        await using var opened = await fixture.OpenAsync();

        Assert.NotNull(await opened.LastAsync(StreamName.Runs, "run.a", Token));
        Assert.Equal(1, (await opened.AppendAsync([new(StreamName.Audit, "chain.a", default, ExpectedLast: 0)], Token)).Sequence);
    }

    [Fact]
    public async Task A_database_of_something_else_or_of_a_newer_version_is_left_alone()
    {
        var transport = await fixture.OpenAsync();
        await transport.DisposeAsync();

        Change("pragma user_version = 99");
        Assert.Equal($"The store {File} has version 99; this program knows version 4.", (await Assert.ThrowsAsync<TransportException>(fixture.OpenAsync)).Message);
        Change("pragma application_id = 1");
        Assert.Contains("a database of another application", (await Assert.ThrowsAsync<TransportException>(fixture.OpenAsync)).Message, StringComparison.Ordinal);
    }

    private void Change(string sql)
    {
        using SqliteSession session = new(File);
        session.Script(sql);
    }
}
