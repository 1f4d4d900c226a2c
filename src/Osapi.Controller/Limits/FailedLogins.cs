using Microsoft.AspNetCore.Http;

namespace Osapi.Controller.Limits;

/// <summary>Delays responses to invalid tokens, per source address.</summary>
/// <remarks>
/// A valid token is never delayed, so that one caller cannot lock out others behind the same address. The table of addresses is
/// bounded, and drops the one that was inactive longest.
/// </remarks>
internal sealed class FailedLogins(ControllerLimits limits, TimeProvider time)
{
    /// <summary>The maximum number of remembered addresses.</summary>
    public const int MaxAddresses = 4096;

    /// <summary>The maximum number of delayed failures per address.</summary>
    public const int MaxWaiting = 16;

    /// <summary>The maximum number of delayed failures in total.</summary>
    public const int MaxWaitingInTotal = 256;

    /// <summary>The delay of a response.</summary>
    public static readonly TimeSpan Delay = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, LinkedListNode<Address>> addresses = [];
    private readonly LinkedList<Address> byLastFailure = new();
    private readonly Quota waiting = new(MaxWaiting, MaxWaitingInTotal);
    private readonly Lock gate = new();

    /// <summary>The number of remembered addresses.</summary>
    public int Count
    {
        get
        {
            lock (gate)
                return addresses.Count;
        }
    }

    /// <summary>Counts a failure, and completes when it may be answered.</summary>
    /// <exception cref="LimitException">Too many failures of the address are already delayed.</exception>
    public async Task WaitAsync(string address, CancellationToken cancellationToken)
    {
        if (TryRecordUndelayed(address))
            return;
        if (waiting.Acquire(address, 1) != QuotaAnswer.Granted)
            throw new LimitException("failed logins", StatusCodes.Status429TooManyRequests, "too many tokens from this address were not valid; try again later");
        try
        {
            await Task.Delay(Delay, time, cancellationToken);
        }
        finally
        {
            waiting.Release(address, 1);
        }
    }

    // True while the address has failed so rarely that nothing is delayed. The allowance refills evenly over the window.
    private bool TryRecordUndelayed(string name)
    {
        lock (gate)
        {
            if (!addresses.TryGetValue(name, out var node))
            {
                if (addresses.Count == MaxAddresses)
                {
                    addresses.Remove(byLastFailure.First!.Value.Name);
                    byLastFailure.RemoveFirst();
                }

                node = addresses[name] = new(new(name) { Seen = time.GetTimestamp() });
            }
            else
            {
                byLastFailure.Remove(node);
            }

            byLastFailure.AddLast(node);
            var address = node.Value;
            address.Failures = Math.Max(0, address.Failures - (time.GetElapsedTime(address.Seen) / Window * limits.MaxFailedLogins)) + 1;
            // Capped, so that the allowance is restored within the window after the last failure, however many there were.
            address.Failures = Math.Min(address.Failures, limits.MaxFailedLogins + 1);
            address.Seen = time.GetTimestamp();
            return address.Failures <= limits.MaxFailedLogins;
        }
    }

    private sealed class Address(string name)
    {
        public string Name => name;

        public double Failures { get; set; }

        public long Seen { get; set; }
    }
}
