namespace Osapi.Transport.Jobs;

/// <summary>The exception for a result that exceeds the maximum size of an entry.</summary>
/// <param name="limit">The maximum size of an entry, in bytes.</param>
public sealed class EntryTooLargeException(long limit) : Exception($"the result has more than {limit / (1024 * 1024)} MiB as JSON");
