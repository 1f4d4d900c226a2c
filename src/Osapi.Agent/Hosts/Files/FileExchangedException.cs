namespace Osapi.Agent.Hosts.Files;

/// <summary>
/// The exception for a file that was replaced by another one after it was inspected. Neither file was changed; the
/// caller inspects again.
/// </summary>
/// <param name="name">The name in its directory.</param>
internal sealed class FileExchangedException(string name) : Exception($"{name} was exchanged for another file");
