using Osapi.Controller.Audit;
using Osapi.Operations.Audit;
using Osapi.Transport.Embedded;
using Osapi.Transport.Jobs;
using Osapi.Transport.Trust;
using Microsoft.Extensions.Logging.Abstractions;

namespace Osapi.Hosting;

/// <summary>Verifies the audit log in the state directory of a controller that need not run.</summary>
public static class AuditOfDirectory
{
    private static readonly TimeSpan Forever = TimeSpan.FromDays(36500);

    /// <summary>Verifies it.</summary>
    /// <param name="directory">The state directory.</param>
    /// <param name="keyFile">The file of the controllers' keys; null for the one in the directory.</param>
    /// <param name="cancellationToken">Ends the verification.</param>
    /// <returns>The verdict, and what could not be compared; null when everything was.</returns>
    /// <exception cref="IOException">There is no audit log or no key, or it cannot be read.</exception>
    public static async Task<(AuditVerdict Verdict, string? Note)> VerifyAsync(string directory, string? keyFile, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(directory);
        var key = keyFile ?? Path.Combine(directory, ControllerKeys.FileName);
        // Loading would create one, which fits nothing.
        if (!File.Exists(key))
            throw new FileNotFoundException($"{key} does not exist");
        using var keys = ControllerKeyChain.Load(key);
        var audit = AuditVerification.Open(directory, keys) ?? throw new FileNotFoundException("there is none");
        if (!File.Exists(Path.Combine(directory, EmbeddedOptions.FileName)))
            return (await audit.RunAsync(log: null, head: null, cancellationToken), "the heads on the broker were not compared: ask the controller for that, without --state");
        try
        {
            var store = await EmbeddedTransport.OpenAsync(Unchanged(directory), cancellationToken);
            await using var log = TrustedTransport.ForController(store, keys, new HostKeyTable(), new(), new(NullLogger<SkippedMessages>.Instance, TimeProvider.System));
            return (await audit.RunAsync(log, head: null, cancellationToken), null);
        }
        catch (StateDirectoryBusyException)
        {
            return (await audit.RunAsync(log: null, head: null, cancellationToken), "the controller runs, so the heads in its log were not compared: ask it, without --state");
        }
    }

    // The retention of the controller is not known here: nothing is removed.
    private static EmbeddedOptions Unchanged(string directory) =>
        new() { Directory = directory, KeepJobs = Forever, KeepCommands = Forever - TimeSpan.FromDays(1), KeepResults = Forever };
}
