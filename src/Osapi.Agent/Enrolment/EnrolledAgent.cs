using Osapi.Transport.Trust;

namespace Osapi.Agent.Enrolment;

/// <summary>An agent that is enrolled: its keys, and the controllers' key that it trusts.</summary>
/// <remarks>
/// At each start it tells the controllers its labels, and learns whether its key is still valid, while it works already: an operator sees that
/// a revoked agent asks again, or that an agent asks for other labels.
/// </remarks>
public sealed class EnrolledAgent : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly Task confirmation;

    internal EnrolledAgent(string hostname, AgentKeys keys, AgentTrust trust, Func<CancellationToken, Task>? confirmAsync = null)
    {
        (Hostname, Keys, Trust) = (hostname, keys, trust);
        confirmation = confirmAsync?.Invoke(stopping.Token) ?? Task.CompletedTask;
    }

    /// <summary>The name under which it is enrolled.</summary>
    public string Hostname { get; }

    /// <summary>The keys of the agent.</summary>
    public AgentKeys Keys { get; }

    /// <summary>The controllers' keys that it believes.</summary>
    public AgentTrust Trust { get; }

    /// <summary>Stops telling the controllers, and clears the keys.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await confirmation.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Keys.Dispose();
        stopping.Dispose();
    }
}
