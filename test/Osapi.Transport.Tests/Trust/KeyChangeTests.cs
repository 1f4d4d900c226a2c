using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Osapi.Transport.Jobs;
using Osapi.Transport.Tests.Embedded;
using Osapi.Transport.Trust;

namespace Osapi.Transport.Tests.Trust;

/// <summary>Tests of controllers and an agent while the controllers' keys are changed: everything is believed under both keys until the previous one is retired.</summary>
public sealed class KeyChangeTests : IAsyncLifetime
{
    private const string Record = "job.00000000-0000-0000-0000-000000000001";
    private const string Command = "cmd.web-01.00000000-0000-0000-0000-000000000001";
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"a":"b"}""");

    private readonly string directory = Directory.CreateTempSubdirectory("osapi-keys-").FullName;
    private readonly EmbeddedFixture carriers = new();
    private readonly AgentKeys agentKeys = AgentKeys.Create();
    private readonly HostKeyTable hosts = new();
    private readonly List<ControllerKeyChain> chains = [];
    private ITransport carrier = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string KeyFile => Path.Combine(directory, ControllerKeys.FileName);

    public async ValueTask InitializeAsync()
    {
        carrier = await carriers.OpenAsync();
        hosts.Set(new("web-01", agentKeys.Public));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var chain in chains)
            chain.Dispose();
        agentKeys.Dispose();
        await carriers.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Controllers_that_have_switched_and_those_that_have_not_read_each_other_until_the_previous_key_is_retired()
    {
        ControllerKeyChain.Load(KeyFile).Dispose();
        ControllerKeyChain.CreateNext(KeyFile);
        var waiting = Controller();
        ControllerKeyChain.Switch(KeyFile);
        var switched = Controller();
        ControllerKeyChain.Retire(KeyFile);
        var last = Controller();

        await PutAsync(waiting, "old");
        await PutAsync(switched, "new");

        foreach (var reader in (ITransport[])[waiting, switched])
            foreach (var name in (string[])["old", "new"])
                await AssertReadAsync(reader, name);
        await AssertReadAsync(last, "new");
        Assert.Equal("its seal is not valid", (await last.LastAsync(StreamName.Jobs, Record + "old", Token))!.Rejection);
        await Assert.ThrowsAsync<DamagedObjectException>(() => ReadObjectAsync(last, "old"));
    }

    /// <summary>Tests an agent that was away while its controllers switched: the entry of its host is the one message that it must be able to check.</summary>
    [Fact]
    public async Task An_agent_that_knows_only_the_previous_key_learns_the_present_one_from_its_entry()
    {
        using var before = ControllerKeyChain.Load(KeyFile);
        AgentTrust trust = new("web-01", agentKeys, before.Accepted, static _ => { });
        var agent = TrustedTransport.ForAgent(carrier, trust, new(), Skipped());
        ControllerKeyChain.CreateNext(KeyFile);
        ControllerKeyChain.Switch(KeyFile);
        var switched = Controller();
        await switched.AppendAsync([new(StreamName.Commands, Command, Body)], Token);
        Assert.NotNull((await agent.LastAsync(StreamName.Commands, Command, Token))!.Rejection);
        RosterEntry entry = new() { Name = "web-01", Version = 2, Controllers = [.. chains[^1].Accepted.Select(key => key.ToString())] };
        await switched.Roster.PutAsync("web-01", Roster.Bytes(entry), expectedRevision: null, Token);

        var read = await agent.Roster.GetAsync("web-01", Token);
        Assert.True(read!.Signer.IsControllers);
        Assert.True(trust.Accept(Roster.TryRead(read)!.Controllers));

        Assert.Equal(Body, (await agent.LastAsync(StreamName.Commands, Command, Token))!.Payload.ToArray());
        await agent.Hosts.PutAsync("web-01", Body, expectedRevision: null, Token);
        Assert.Equal("web-01", (await switched.Hosts.GetAsync("web-01", Token))!.Signer.HostKey);
        ControllerKeyChain.Retire(KeyFile);
        Assert.Equal("web-01", (await Controller().Hosts.GetAsync("web-01", Token))!.Signer.HostKey);
    }

    [Fact]
    public async Task Stored_files_are_sealed_again_before_the_previous_key_is_retired()
    {
        ControllerKeyChain.Load(KeyFile).Dispose();
        var before = Controller();
        foreach (var name in (string[])["a", "b", "c"])
            await before.Files.PutAsync(name, new MemoryStream(Body), "raw", Token);
        ControllerKeyChain.CreateNext(KeyFile);
        ControllerKeyChain.Switch(KeyFile);
        var switched = Controller();
        await switched.Files.PutAsync("c", new MemoryStream(Body), "raw", Token);

        Assert.Equal((2, 0), (await switched.ResealFilesAsync(Token), await switched.ResealFilesAsync(Token)));

        ControllerKeyChain.Retire(KeyFile);
        var last = Controller();
        var infos = await last.Files.ListAsync(Token);
        Assert.Equal(["a", "b", "c"], infos.Select(info => info.Name));
        Assert.All(infos, info => Assert.Equal((true, "raw", (long)Body.Length), (info.IsSealed, info.Metadata, info.Size)));
        await using var content = await last.Files.OpenAsync("a", Token);
        using MemoryStream bytes = new();
        await content!.CopyToAsync(bytes, Token);
        Assert.Equal(Body, bytes.ToArray());
    }

    [Fact]
    public async Task The_metadata_of_an_object_that_was_stored_anew_meanwhile_stays()
    {
        await carrier.Files.PutAsync("a", new MemoryStream(Body), "first", Token);

        Assert.True(await carrier.Files.RedescribeAsync("a", "first", "second", Token));
        Assert.False(await carrier.Files.RedescribeAsync("a", "first", "third", Token));
        Assert.False(await carrier.Files.RedescribeAsync("b", "first", "third", Token));

        Assert.Equal("second", (await carrier.Files.FindAsync("a", Token))!.Metadata);
    }

    [Fact]
    public void What_is_not_one_or_two_keys_of_the_same_system_changes_nothing()
    {
        using var own = ControllerKeyChain.Load(KeyFile);
        using var others = ControllerKeys.Create();
        var saved = 0;
        AgentTrust trust = new("web-01", agentKeys, own.Accepted, _ => saved++);
        var present = own.Present.Public.ToString();

        foreach (var texts in (IReadOnlyList<string>?[])[null, [], [present], [others.Public.ToString()], [present, others.Public.ToString()], ["x"], [present, "x"], [present, present, present]])
            Assert.False(trust.Accept(texts));

        Assert.Equal((0, own.Accepted), (saved, trust.Controllers));
    }

    [Fact]
    public void Keys_that_cannot_be_saved_are_not_used()
    {
        ControllerKeyChain.Load(KeyFile).Dispose();
        ControllerKeyChain.CreateNext(KeyFile);
        using var keys = ControllerKeyChain.Load(KeyFile);
        AgentTrust trust = new("web-01", agentKeys, [keys.Present.Public], static _ => throw new IOException("the disk is full"));

        Assert.Throws<IOException>(() => trust.Accept([.. keys.Accepted.Select(key => key.ToString())]));

        Assert.Equal([keys.Present.Public], trust.Controllers);
    }

    private static SkippedMessages Skipped() => new(NullLogger.Instance, TimeProvider.System);

    private static async Task PutAsync(ITransport controller, string name)
    {
        await controller.AppendAsync([new(StreamName.Jobs, Record + name, Body)], Token);
        using MemoryStream content = new(Body);
        await controller.Results.PutAsync(name, content, metadata: null, Token);
    }

    private static async Task AssertReadAsync(ITransport reader, string name)
    {
        var message = (await reader.LastAsync(StreamName.Jobs, Record + name, Token))!;
        Assert.Equal((null, true), (message.Rejection, message.Signer.IsControllers));
        Assert.Equal(Body, message.Payload.ToArray());
        Assert.Equal(Body, await ReadObjectAsync(reader, name));
    }

    private static async Task<byte[]> ReadObjectAsync(ITransport reader, string name)
    {
        await using var content = await reader.Results.OpenAsync(name, Token);
        using MemoryStream bytes = new();
        await content!.CopyToAsync(bytes, Token);
        return bytes.ToArray();
    }

    private TrustedTransport Controller()
    {
        chains.Add(ControllerKeyChain.Load(KeyFile));
        return TrustedTransport.ForController(carrier, chains[^1], hosts, new(), Skipped());
    }
}
