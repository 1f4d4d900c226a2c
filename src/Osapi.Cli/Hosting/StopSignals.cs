using System.Runtime.InteropServices;

namespace Osapi.Cli.Hosting;

/// <summary>Handles SIGTERM and SIGINT: the first signal stops the process in order, the last one ends it at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource requested = new();
    private readonly CancellationTokenSource insisted = new();
    private readonly PosixSignalRegistration[] registrations;
    private int count;

    public StopSignals() => registrations = [PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle), PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle)];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Requested => requested.Token;

    /// <summary>True when a second signal does not end the process, but cancels <see cref="Insisted"/>; then a third one does.</summary>
    public bool HasSecondStep { get; init; }

    /// <summary>Cancelled by the second signal.</summary>
    public CancellationToken Insisted => insisted.Token;

    /// <summary>The first signal; null before one arrives.</summary>
    public PosixSignal? First { get; private set; }

    public void Dispose()
    {
        foreach (var registration in registrations)
            registration.Dispose();
        requested.Dispose();
        insisted.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        // A signal that is not cancelled has its default action.
        var signal = Interlocked.Increment(ref count);
        context.Cancel = signal == 1 || (signal == 2 && HasSecondStep);
        if (signal == 1)
        {
            First = context.Signal;
            requested.Cancel();
        }
        else if (context.Cancel)
        {
            insisted.Cancel();
        }
    }
}
