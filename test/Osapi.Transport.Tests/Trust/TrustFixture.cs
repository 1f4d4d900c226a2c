using Microsoft.Extensions.Logging.Abstractions;
using Osapi.Transport.Jobs;
using Osapi.Transport.Trust;

namespace Osapi.Transport.Tests.Trust;

/// <summary>A system with keys: the controllers' side, and the sides of its hosts.</summary>
internal sealed class TrustFixture : IDisposable
{
    private readonly List<IDisposable> owned = [];

    public TrustFixture(bool allowsUnsigned = false)
    {
        Policy = new() { AllowsUnsigned = allowsUnsigned };
        owned.Add(Keys);
        Controller = Own(new ControllerParty(Keys, Hosts, Policy));
    }

    public ControllerKeys Keys { get; } = ControllerKeys.Create();

    public HostKeyTable Hosts { get; } = new();

    public TrustPolicy Policy { get; init; }

    public SkippedMessages Skipped { get; } = new(NullLogger.Instance, TimeProvider.System);

    public ControllerParty Controller { get; }

    /// <summary>Enrols a host, and gets its side.</summary>
    public AgentParty Enrol(string hostKey)
    {
        using var keys = AgentKeys.Create();
        Hosts.Set(new(hostKey, keys.Public));
        return Own(new AgentParty(keys.DeriveHostSecret(hostKey, Keys.Public), Keys.Public, Policy));
    }

    /// <summary>Gets the side of an agent that has the name of a host, but a key of its own.</summary>
    public AgentParty Stranger(string hostKey)
    {
        using var keys = AgentKeys.Create();
        return Own(new AgentParty(keys.DeriveHostSecret(hostKey, Keys.Public), Keys.Public, Policy));
    }

    public void Dispose()
    {
        foreach (var item in Enumerable.Reverse(owned))
            item.Dispose();
    }

    private T Own<T>(T item)
        where T : IDisposable
    {
        owned.Add(item);
        return item;
    }
}
