using Microsoft.Extensions.Logging;
using Osapi.Transport;
using Osapi.Transport.Jobs;
using Osapi.Transport.Jobs.Outputs;

namespace Osapi.Agent.Outputs;

/// <summary>Sends what running commands have written to the readers that ask for it.</summary>
internal sealed partial class OutputTails(ITransport transport, string hostKey, OutputSpools spools, TimeProvider time, ILogger logger)
{
    private readonly RetryLoop retry = new(time, TimeSpan.FromSeconds(1));

    public Task RunAsync(CancellationToken stopping) => retry.RunAsync(() => ListenAsync(stopping), LogNotSent, stopping);

    private async Task ListenAsync(CancellationToken stopping)
    {
        var part = new byte[OutputPart.HeaderLength + OutputPart.MaxLength];
        await foreach (var signal in transport.Signals.ListenAsync(Subjects.Tail(hostKey), stopping))
        {
            if (!TailRequest.TryParse(signal.Payload, out var request))
                continue;
            var count = spools.Find(request.JobId)?.Read(request.Stream, request.Offset, part.AsSpan(OutputPart.HeaderLength)) ?? 0;
            if (count == 0)
                continue;
            OutputPart.WriteOffset(part, request.Offset);
            // A copy, because the transport may keep it.
            await transport.Signals.SendAsync(Subjects.OutputPart(hostKey, request.Reader), part.AsSpan(0, OutputPart.HeaderLength + count).ToArray(), stopping);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Output was not sent to its readers, trying again: {Reason}")]
    private partial void LogNotSent(string reason);
}
