using System.Text.Json;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Jobs;

/// <summary>Reads commands. What somebody else wrote must not stop the agent, whatever it is.</summary>
internal static class CommandReader
{
    /// <summary>The command; null when it is none that this agent understands.</summary>
    public static JobCommand? TryRead(ReadOnlyMemory<byte> payload)
    {
        try
        {
            return JobJson.Command(payload) is { JobId.Length: > 0 } command && (command.Kind == CommandKind.Cancel || command.Operation is { Length: > 0 })
                ? command
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
