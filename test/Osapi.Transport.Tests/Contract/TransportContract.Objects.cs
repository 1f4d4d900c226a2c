using System.Security.Cryptography;

namespace Osapi.Transport.Tests.Contract;

public abstract partial class TransportContract
{
    private const int FiftyMegabytes = 50_000_000;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(524_288)]
    [InlineData(524_289)]
    [InlineData(FiftyMegabytes)]
    public async Task An_object_comes_back_whole(int size)
    {
        var before = Transport.ServerNow;
        var stored = await Transport.Results.PutAsync("1.web", new Noise(size), "text", Token);

        Assert.Equal(("1.web", size, "text"), (stored.Name, stored.Size, stored.Metadata));
        Assert.Equal(Noise.Sha256(size), stored.Sha256);
        Assert.InRange(stored.Modified, before, Transport.ServerNow);
        Assert.Equal(stored, await Transport.Results.FindAsync("1.web", Token));
        Assert.Equal(stored.Sha256, await HashAsync(Transport.Results, "1.web"));
    }

    [Fact]
    public async Task A_given_stream_is_left_open()
    {
        using MemoryStream content = new([1, 2, 3]);

        await Transport.Files.PutAsync("a", content, metadata: null, Token);

        Assert.True(content.CanRead);
        Assert.Null((await Transport.Files.FindAsync("a", Token))!.Metadata);
    }

    [Fact]
    public async Task There_is_no_object_before_one_was_stored()
    {
        Assert.Null(await Transport.Files.FindAsync("a", Token));
        Assert.Null(await Transport.Files.OpenAsync("a", Token));
        Assert.False(await Transport.Files.DeleteAsync("a", Token));
        Assert.Empty(await Transport.Files.ListAsync(Token));
    }

    [Fact]
    public async Task Objects_of_any_name_are_kept_and_listed_by_name()
    {
        string[] names = ["a/b.conf", "a b", "../escape", "ä ✓", "*.>", "1.web"];
        foreach (var name in names)
            await Transport.Files.PutAsync(name, new Noise(name.Length), name, Token);
        await Transport.Results.PutAsync("of the other bucket", new Noise(1), null, Token);

        Transport = await Fixture.ReopenAsync();

        var listed = await Transport.Files.ListAsync(Token);
        Assert.Equal(names.Order(StringComparer.Ordinal), listed.Select(info => info.Name));
        Assert.All(listed, info => Assert.Equal((info.Name.Length, info.Name), (info.Size, info.Metadata)));
        foreach (var name in names)
            Assert.Equal(Noise.Sha256(name.Length), await HashAsync(Transport.Files, name));
    }

    [Fact]
    public async Task A_removed_object_does_not_exist()
    {
        await Transport.Files.PutAsync("a", new Noise(10), null, Token);

        Assert.True(await Transport.Files.DeleteAsync("a", Token));

        Assert.False(await Transport.Files.DeleteAsync("a", Token));
        Assert.Null(await Transport.Files.OpenAsync("a", Token));
        Assert.Empty(await Transport.Files.ListAsync(Token));
    }

    [Fact]
    public async Task A_reader_of_an_object_that_is_replaced_gets_the_old_or_the_new_content_whole()
    {
        const int Old = 3_000_000;
        const int New = 2_000_000;
        await Transport.Files.PutAsync("a", new Noise(Old), null, Token);
        await using var reading = await Transport.Files.OpenAsync("a", Token);
        var head = new byte[1000];
        await reading!.ReadExactlyAsync(head, Token);

        await Transport.Files.PutAsync("a", new Noise(New), null, Token);

        using MemoryStream all = new();
        await all.WriteAsync(head, Token);
        await reading.CopyToAsync(all, Token);
        Assert.Equal(Noise.Sha256(Old), Convert.ToHexStringLower(SHA256.HashData(all.ToArray())));
        Assert.Equal(Noise.Sha256(New), await HashAsync(Transport.Files, "a"));
    }

    [Fact]
    public async Task Readers_amid_replacements_always_get_a_whole_object()
    {
        var sizes = Enumerable.Range(1, 40).ToDictionary(i => Noise.Sha256(i * 10_000), i => i * 10_000L);
        await Transport.Files.PutAsync("a", new Noise(10_000), null, Token);
        var replacing = Task.Run(async () =>
        {
            foreach (var size in sizes.Values)
                await Transport.Files.PutAsync("a", new Noise(size), null, Token);
        }, Token);

        while (!replacing.IsCompleted)
            Assert.Contains(await HashAsync(Transport.Files, "a"), sizes.Keys);

        await replacing;
        Assert.Equal(400_000, (await Transport.Files.FindAsync("a", Token))!.Size);
    }

    [Fact]
    public async Task An_object_is_invisible_until_it_is_whole()
    {
        Noise content = new(2_000_000);
        TaskCompletionSource reached = new();
        TaskCompletionSource goOn = new();
        content.Before(1_000_000, () =>
        {
            reached.SetResult();
            return goOn.Task;
        });
        var putting = Transport.Files.PutAsync("a", content, null, Token);
        await reached.Task.WaitAsync(Token);

        Assert.Null(await Transport.Files.FindAsync("a", Token));
        Assert.Null(await Transport.Files.OpenAsync("a", Token));
        Assert.Empty(await Transport.Files.ListAsync(Token));
        goOn.SetResult();
        await putting;
        Assert.NotNull(await Transport.Files.FindAsync("a", Token));
    }

    [Fact]
    public async Task A_cancelled_put_keeps_the_old_object()
    {
        await Transport.Files.PutAsync("a", new Noise(10), null, Token);
        using CancellationTokenSource source = new();
        Noise content = new(2_000_000);
        content.Before(1_000_000, source.CancelAsync);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Transport.Files.PutAsync("a", content, null, source.Token));

        Assert.Equal(Noise.Sha256(10), await HashAsync(Transport.Files, "a"));
        Assert.Single(await Transport.Files.ListAsync(Token));
    }

    [Fact]
    public async Task A_put_of_a_failing_stream_fails_and_leaves_nothing()
    {
        Noise content = new(2_000_000);
        content.Before(1_000_000, () => throw new InvalidDataException("torn"));

        await Assert.ThrowsAsync<InvalidDataException>(() => Transport.Files.PutAsync("a", content, null, Token));

        Assert.Null(await Transport.Files.FindAsync("a", Token));
        Assert.Empty(await Transport.Files.ListAsync(Token));
    }

    [Fact]
    public async Task Concurrent_puts_of_one_object_leave_one_of_them()
    {
        await Task.WhenAll(Enumerable.Range(1, 20).Select(i => Task.Run(() => Transport.Files.PutAsync("a", new Noise(i * 1000), null, Token), Token)));

        var left = Assert.Single(await Transport.Files.ListAsync(Token));
        Assert.Equal(left.Sha256, await HashAsync(Transport.Files, "a"));
    }

    [Fact]
    public async Task A_cancelled_call_on_objects_ends()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Transport.Files.PutAsync("a", new Noise(1), null, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Transport.Files.FindAsync("a", cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Transport.Files.OpenAsync("a", cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Transport.Files.DeleteAsync("a", cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Transport.Files.ListAsync(cancelled));
    }

    private async Task<string> HashAsync(IObjects objects, string name)
    {
        await using var content = await objects.OpenAsync(name, Token);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(content!, Token));
    }
}
