using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Users;

/// <summary>
/// A password in the form in which a host keeps it (crypt(5)), for example from <c>mkpasswd</c> or <c>openssl passwd -6</c>; <c>*</c>
/// or <c>!</c> for no password to log in with. A plain password is refused.
/// </summary>
[JsonConverter(typeof(TextConverter<PasswordHash>))]
public sealed record PasswordHash : IStringValue<PasswordHash>
{
    private const string Digit = "[./0-9A-Za-z]";

    private PasswordHash(string value) => Value = value;

    static TextRule IStringValue<PasswordHash>.Rule { get; } = new(
        $"^([*!]|\\$(y|gy)\\${Digit}{{1,16}}\\${Digit}{{1,86}}\\${Digit}{{43}}|\\$6\\$(rounds=[0-9]{{1,9}}\\$)?{Digit}{{1,16}}\\${Digit}{{86}}|\\$5\\$(rounds=[0-9]{{1,9}}\\$)?{Digit}{{1,16}}\\${Digit}{{43}}|\\$2b\\$[0-9]{{2}}\\${Digit}{{53}})$",
        "the hash of a password, as crypt(5) writes it ($y$, $gy$, $6$, $5$ or $2b$), or * or ! for none; not the password itself")
    { MaxLength = 256 };

    /// <inheritdoc/>
    public string Value { get; }

    static PasswordHash IStringValue<PasswordHash>.Create(string value) => new(value);

    /// <summary>Gets <c>***</c>.</summary>
    public override string ToString() => SecretMembers.Mask;

    /// <summary>Converts text to a hash.</summary>
    /// <exception cref="FormatException">The text is not a hash. The message does not contain it.</exception>
    public static implicit operator PasswordHash(string text) => Text.TryParse<PasswordHash>(text) ?? throw new FormatException($"The text is not {Text.RuleOf<PasswordHash>().Description}.");
}
