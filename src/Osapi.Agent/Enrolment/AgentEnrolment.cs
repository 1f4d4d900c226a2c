using Microsoft.Extensions.Logging;
using Osapi.Agent.Hosts.Identity;
using Osapi.Agent.Jobs;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Enrolment;
using Osapi.Transport.Jobs;
using Osapi.Transport.Trust;

namespace Osapi.Agent.Enrolment;

/// <summary>The enrolment of this host's agent: before it works, its key is in the roster, and it knows whose commands to believe.</summary>
/// <remarks>An agent trusts controllers only whose fingerprint it was given, by a join token or by a setting: there is no trust on first use.</remarks>
public static partial class AgentEnrolment
{
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Enrolls the agent, unless it is enrolled already. Waits for the controllers, and for the operator's decision if one is needed, without a time limit.
    /// </summary>
    /// <returns>The enrolled agent; null when it trusts nobody in particular, and works unauthenticated.</returns>
    /// <exception cref="EnrolmentException">The agent cannot be enrolled; the message says what to do.</exception>
    /// <exception cref="InvalidDataException">The key of the agent is damaged, or other users can read it.</exception>
    public static async Task<EnrolledAgent?> RunAsync(NodeEnvironment node, AgentOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(options);
        EnrolmentFile file = new(node.StateDirectory);
        var stored = file.Read();
        if (PinsOf(options, stored, file) is not { } pins)
        {
            if (options.RefuseUnsigned)
                throw new EnrolmentException("this agent is not enrolled, and trust.unsigned is refuse: give it agent.join_token (osapi agent join-token) or agent.controller_key");
            LogNotEnrolled(logger);
            return null;
        }

        var hostname = AgentNameRules.Of(options.Hostname, () => OsapiAgent.MachineName);
        var keys = LoadKeys(node.StateDirectory);
        try
        {
            EnrolmentRequest request = new()
            {
                Name = hostname,
                Key = keys.Public.ToString(),
                Labels = options.Labels,
                Nonce = Guid.NewGuid().ToString("N"),
                MachineId = MachineIdOf(options),
                Version = node.Version,
            };
            EnrolmentRequester requester = new(node.Transport, request, options.JoinToken, pins, node.Time, logger);
            if (stored is not null && stored.Fingerprint == keys.Public.Fingerprint && stored.Name.Equals(hostname, StringComparison.OrdinalIgnoreCase))
                return new(hostname, keys, TrustOf(stored, keys, file), requester.ConfirmAsync);
            var controllers = await requester.RunAsync(cancellationToken);
            stored = new() { Name = hostname, Fingerprint = keys.Public.Fingerprint, Controllers = controllers.ToString() };
            file.Write(stored);
            // The other controllers read the roster within this time. Before that they believe nothing that this key signs.
            await Task.Delay(SettleTime, node.Time, cancellationToken);
            LogEnrolled(logger, hostname, keys.Public.Fingerprint, controllers.Fingerprint);
            return new(hostname, keys, TrustOf(stored, keys, file));
        }
        catch
        {
            keys.Dispose();
            throw;
        }
    }

    /// <summary>Loads the keys of the agent with this state directory, or creates them.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or other users can read it.</exception>
    public static AgentKeys LoadKeys(string stateDirectory) => AgentKeys.LoadOrCreate(Path.Combine(stateDirectory, AgentKeys.FileName));

    private static AgentTrust TrustOf(StoredEnrolment stored, AgentKeys keys, EnrolmentFile file) => new(HostKey.Of(stored.Name), keys, stored.Accepted, accepted =>
    {
        stored = stored.With(accepted);
        file.Write(stored);
    });

    // The stored keys of the controllers are the strongest: a changed setting must not make an enrolled host obey others.
    private static List<string>? PinsOf(AgentOptions options, StoredEnrolment? stored, EnrolmentFile file)
    {
        var (token, setting) = (options.JoinToken?.ControllersFingerprint, options.ControllersFingerprint);
        if (token is not null && setting is not null && token != setting)
            throw new EnrolmentException($"agent.join_token is from controllers with the key {token}, and agent.controller_key names {setting}");
        var given = token ?? setting;
        if (stored is null)
            return given is null ? null : [given];
        List<string> pinned = [.. stored.Accepted.Select(key => key.Fingerprint)];
        return given is null || pinned.Contains(given) || stored.Former.Contains(given)
            ? pinned
            : throw new EnrolmentException($"this agent trusts controllers with the key {pinned[0]}, and its configuration names {given}. To move it to other controllers, stop it and remove {file.Location}");
    }

    private static string? MachineIdOf(AgentOptions options)
    {
        try
        {
            return options.Machine(new() { Name = "", Root = options.Root }).ReadMachineId();
        }
        catch (OperationException)
        {
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "This agent is not enrolled: its messages and the controllers' are not authenticated (docs/enrolment.md)")]
    private static partial void LogNotEnrolled(ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "Enrolled as {Hostname} with the key {Fingerprint}; trusts controllers with the key {Controllers}")]
    private static partial void LogEnrolled(ILogger logger, string hostname, string fingerprint, string controllers);
}
