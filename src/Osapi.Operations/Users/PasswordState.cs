using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Users;

/// <summary>The state of the password of an account.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<PasswordState>))]
public enum PasswordState
{
    /// <summary>There is a password to log in with.</summary>
    Set,

    /// <summary>No password lets anybody log in.</summary>
    Locked,

    /// <summary>The account needs no password.</summary>
    None,
}
