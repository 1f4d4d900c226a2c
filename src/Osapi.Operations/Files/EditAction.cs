using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Files;

/// <summary>The change that an edit makes.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<EditAction>))]
public enum EditAction
{
    /// <summary>The file is as requested.</summary>
    None,

    /// <summary>Lines were added.</summary>
    Added,

    /// <summary>Lines were replaced.</summary>
    Replaced,

    /// <summary>Lines were removed.</summary>
    Removed,
}
