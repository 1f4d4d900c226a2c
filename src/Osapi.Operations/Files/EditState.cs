using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Files;

/// <summary>The state of a file that an edit ensures.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<EditState>))]
public enum EditState
{
    /// <summary>The file contains it.</summary>
    Present,

    /// <summary>The file does not contain it.</summary>
    Absent,
}
