using System.Runtime.InteropServices;

namespace Osapi.Cli.Hosting;

/// <summary>Handles SIGTERM and SIGINT: the first signal stops the process in order, the second ends it at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource requested = new();
    private readonly PosixSignalRegistration[] registrations;
    private int count;

    public StopSignals() => registrations = [PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle), PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle)];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Requested => requested.Token;

    /// <summary>The first signal; null before one arrives.</summary>
    public PosixSignal? First { get; private set; }

    public void Dispose()
    {
        foreach (var registration in registrations)
            registration.Dispose();
        requested.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        // A signal that is not cancelled has its default action.
        context.Cancel = Interlocked.Increment(ref count) == 1;
        if (!context.Cancel)
            return;
        First = context.Signal;
        requested.Cancel();
    }
}
