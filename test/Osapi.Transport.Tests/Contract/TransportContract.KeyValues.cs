namespace Osapi.Transport.Tests.Contract;

public abstract partial class TransportContract
{
    [Fact]
    public async Task The_roster_is_a_bucket_of_its_own()
    {
        Assert.NotNull(await Transport.Roster.PutAsync("web", Bytes("word"), 0, Token));
        Assert.Null(await Transport.Roster.PutAsync("web", Bytes("late"), 0, Token));
        await Transport.Hosts.PutAsync("web", Bytes("record"), 0, Token);
        await Transport.Hosts.PutAsync("db", Bytes("record"), 0, Token);
        await using var watcher = Transport.Roster.WatchAsync(Token).GetAsyncEnumerator(Token);

        Assert.Equal("word", (await watcher.NextAsync()).Text());
        Assert.Equal(["web"], (await Transport.Roster.ListAsync(Token)).Select(value => value.Key));
        await Transport.Hosts.DeleteAsync("web", Token);
        Assert.Equal("word", (await Transport.Roster.GetAsync("web", Token))!.Text());
        await Transport.Roster.DeleteAsync("web", Token);
        Assert.True((await watcher.NextAsync()).Value.IsEmpty);
        Assert.NotNull(await Transport.Roster.PutAsync("web", Bytes("next"), 0, Token));
    }

    [Fact]
    public async Task A_key_has_its_newest_value()
    {
        var first = await Transport.Hosts.PutAsync("web", Bytes("old"), null, Token);
        var second = await Transport.Hosts.PutAsync("web", Bytes("new"), null, Token);

        var value = await Transport.Hosts.GetAsync("web", Token);

        Assert.Equal(("web", "new", second), (value!.Key, value.Text(), value.Revision));
        Assert.True(second > first);
        Assert.Null(await Transport.Hosts.GetAsync("db", Token));
    }

    [Fact]
    public async Task A_value_is_stored_only_over_the_revision_it_names()
    {
        var hosts = Transport.Hosts;

        var first = await hosts.PutAsync("web", Bytes("one"), expectedRevision: 0, Token);
        Assert.NotNull(first);
        Assert.Null(await hosts.PutAsync("web", Bytes("two"), expectedRevision: 0, Token));
        Assert.Null(await hosts.PutAsync("web", Bytes("two"), first + 1, Token));
        Assert.Null(await hosts.PutAsync("db", Bytes("two"), first, Token));
        Assert.NotNull(await hosts.PutAsync("web", Bytes("two"), first, Token));

        Assert.Equal("two", (await hosts.GetAsync("web", Token))!.Text());
    }

    [Fact]
    public async Task A_removed_key_is_one_without_a_value()
    {
        var hosts = Transport.Hosts;
        var first = await hosts.PutAsync("web", Bytes("one"), null, Token);

        await hosts.DeleteAsync("web", Token);
        await hosts.DeleteAsync("web", Token);
        await hosts.DeleteAsync("never", Token);

        Assert.Null(await hosts.GetAsync("web", Token));
        Assert.Empty(await hosts.ListAsync(Token));
        Assert.Null(await hosts.PutAsync("web", Bytes("two"), first, Token));
        Assert.True(await hosts.PutAsync("web", Bytes("two"), expectedRevision: 0, Token) > first);
    }

    [Fact]
    public async Task Lists_end_while_every_key_is_being_replaced()
    {
        string[] keys = [.. Enumerable.Range(1, 20).Select(number => $"web-{number}")];
        foreach (var key in keys)
            await Transport.Hosts.PutAsync(key, Bytes("first"), null, Token);
        using CancellationTokenSource stop = new();
        var replacing = Task.WhenAll(keys.Select(async key =>
        {
            while (!stop.IsCancellationRequested)
                await Transport.Hosts.PutAsync(key, Bytes("next"), null, Token);
        }));

        for (var i = 0; i < 50; i++)
            Assert.Equal(keys.Order(), (await Transport.Hosts.ListAsync(Token)).Select(value => value.Key).Order());
        await stop.CancelAsync();
        await replacing;
        // Nothing is written any more that would end a list by chance.
        Assert.Equal(keys.Length, (await Transport.Hosts.ListAsync(Token)).Count);
    }

    [Fact]
    public async Task Lists_every_key_and_keeps_them()
    {
        foreach (var key in new[] { "web-01", "web=2E01", "db_1.a" })
            await Transport.Hosts.PutAsync(key, Bytes(key), null, Token);

        Transport = await Fixture.ReopenAsync();

        var values = await Transport.Hosts.ListAsync(Token);
        Assert.Equal(["db_1.a", "web-01", "web=2E01"], values.Select(value => value.Key).Order(StringComparer.Ordinal));
        Assert.All(values, value => Assert.Equal(value.Key, value.Text()));
    }

    [Fact]
    public async Task No_update_of_a_value_is_lost()
    {
        const int Writers = 8;
        const int Each = 50;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(async () =>
        {
            for (var done = 0; done < Each;)
            {
                var current = await Transport.Hosts.GetAsync("count", Token);
                var next = current is null ? 1 : int.Parse(current.Text()) + 1;
                if (await Transport.Hosts.PutAsync("count", Bytes($"{next}"), current?.Revision ?? 0, Token) is not null)
                    done++;
            }
        }, Token)));

        Assert.Equal($"{Writers * Each}", (await Transport.Hosts.GetAsync("count", Token))!.Text());
    }

    [Fact]
    public async Task A_watcher_gets_current_values_and_then_each_change()
    {
        var hosts = Transport.Hosts;
        await hosts.PutAsync("web", Bytes("one"), null, Token);
        await hosts.PutAsync("gone", Bytes("one"), null, Token);
        await hosts.DeleteAsync("gone", Token);
        await using var watcher = hosts.WatchAsync(Token).GetAsyncEnumerator(Token);
        Assert.Equal(("web", "one"), await NextAsync());

        await hosts.PutAsync("web", Bytes("two"), null, Token);
        await hosts.PutAsync("web", Bytes("refused"), expectedRevision: 0, Token);
        await hosts.PutAsync("db", Bytes("three"), null, Token);
        await hosts.DeleteAsync("web", Token);

        Assert.Equal(("web", "two"), await NextAsync());
        Assert.Equal(("db", "three"), await NextAsync());
        Assert.Equal(("web", ""), await NextAsync());

        async Task<(string, string)> NextAsync() => await watcher.NextAsync() is var value ? (value.Key, value.Text()) : default;
    }

    // A store that keeps only the newest value does not deliver one that was overwritten before it was read.
    [Fact]
    public async Task Watchers_that_begin_amid_changes_see_them_in_order_up_to_the_newest()
    {
        const int Last = 400;
        var hosts = Transport.Hosts;
        var writing = Task.Run(async () =>
        {
            for (var i = 1; i <= Last; i++)
                await hosts.PutAsync("web", Bytes($"{i}"), null, Token);
        }, Token);

        var watchers = await Task.WhenAll(Enumerable.Range(0, 10).Select(number => Task.Run(async () =>
        {
            while ((await hosts.GetAsync("web", Token) is { } value ? int.Parse(value.Text()) : 0) < number * Last / 20)
                await Task.Yield();
            List<int> seen = [];
            await foreach (var value in hosts.WatchAsync(Token))
            {
                seen.Add(int.Parse(value.Text()));
                if (seen[^1] == Last)
                    break;
            }

            return seen;
        }, Token)));
        await writing;

        Assert.All(watchers, seen =>
        {
            Assert.Equal(seen.Distinct().Order(), seen);
            Assert.Equal(Last, seen[^1]);
        });
    }

    [Fact]
    public async Task A_watcher_that_does_not_read_for_long_ends_up_with_the_newest_values()
    {
        var hosts = Transport.Hosts;
        await hosts.PutAsync("web", Bytes("0"), null, Token);
        await hosts.PutAsync("gone", Bytes("0"), null, Token);
        await using var watcher = hosts.WatchAsync(Token).GetAsyncEnumerator(Token);
        Dictionary<string, string> seen = [];
        foreach (var value in await watcher.TakeAsync(2))
            seen[value.Key] = value.Text();

        await Parallel.ForAsync(0, 3000, Token, async (i, _) => await hosts.PutAsync($"key{i % 7}", Bytes($"{i}"), null, Token));
        await hosts.DeleteAsync("gone", Token);
        await hosts.PutAsync("web", Bytes("last"), null, Token);
        while (seen["web"] != "last" || seen["gone"].Length > 0)
            await ReadAsync();

        Assert.All(await hosts.ListAsync(Token), value => Assert.Equal(value.Text(), seen[value.Key]));

        async Task ReadAsync()
        {
            var value = await watcher.NextAsync();
            seen[value.Key] = value.Text();
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a*")]
    [InlineData(".a")]
    [InlineData("ä")]
    public async Task Refuses_what_is_not_a_key(string key)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Transport.Hosts.PutAsync(key, Bytes("x"), null, Token));
    }

    [Fact]
    public async Task A_cancelled_call_on_keys_ends()
    {
        using CancellationTokenSource source = new();
        await using var watcher = Transport.Hosts.WatchAsync(source.Token).GetAsyncEnumerator(Token);
        var next = watcher.MoveNextAsync().AsTask();
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Transport.Hosts.PutAsync("a", default, null, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Transport.Hosts.GetAsync("a", cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Transport.Hosts.DeleteAsync("a", cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Transport.Hosts.ListAsync(cancelled));
    }
}
