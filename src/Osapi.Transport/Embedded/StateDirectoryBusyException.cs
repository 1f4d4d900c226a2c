using System.Globalization;

namespace Osapi.Transport.Embedded;

/// <summary>Another process, or another part of this one, has the state directory open.</summary>
/// <param name="directory">The state directory.</param>
/// <param name="holder">The id of the process that has it open; null when it is not known.</param>
public sealed class StateDirectoryBusyException(string directory, int? holder) : Exception(
    $"The state directory {directory} is in use by {(holder is { } id ? string.Create(CultureInfo.InvariantCulture, $"process {id}") : "another process")}.")
{
    /// <summary>The state directory.</summary>
    public string Directory => directory;

    /// <summary>The id of the process that has it open; null when it is not known.</summary>
    public int? Holder => holder;
}
