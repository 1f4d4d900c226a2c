using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Users;

/// <summary>The times at which an update of an account sets the password.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<PasswordPolicy>))]
public enum PasswordPolicy
{
    /// <summary>Whenever it differs.</summary>
    Always,

    /// <summary>Only while the account has never had one, so that a password that the user has changed stays.</summary>
    OnCreate,
}
