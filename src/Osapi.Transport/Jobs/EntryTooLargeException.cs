namespace Osapi.Transport.Jobs;

/// <summary>What a host has to say of a job is larger than an entry may be.</summary>
/// <param name="limit">The most bytes that an entry may have.</param>
public sealed class EntryTooLargeException(long limit) : Exception($"the result has more than {limit / (1024 * 1024)} MiB as JSON");
