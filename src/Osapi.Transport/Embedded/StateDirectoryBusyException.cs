using System.Globalization;

namespace Osapi.Transport.Embedded;

/// <summary>The exception for a state directory that another process, or another part of this one, has open.</summary>
/// <param name="directory">The state directory.</param>
/// <param name="holder">The id of the process that has it open; null when unknown.</param>
public sealed class StateDirectoryBusyException(string directory, int? holder) : Exception(
    $"The state directory {directory} is in use by {(holder is { } id ? string.Create(CultureInfo.InvariantCulture, $"process {id}") : "another process")}.")
{
    /// <summary>The state directory.</summary>
    public string Directory => directory;

    /// <summary>The id of the process that has it open; null when unknown.</summary>
    public int? Holder => holder;
}
