using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Users;

/// <summary>The desired state of keys.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<AuthorizedKeyState>))]
public enum AuthorizedKeyState
{
    /// <summary>The keys are in the file, with these options and comments.</summary>
    Present,

    /// <summary>The keys are not in the file, whatever their options are.</summary>
    Absent,
}
