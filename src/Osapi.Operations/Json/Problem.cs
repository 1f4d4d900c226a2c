namespace Osapi.Operations.Json;

/// <summary>A problem of a request.</summary>
/// <param name="Member">The path of the member, such as <c>args[1]</c>; empty for the request as a whole.</param>
/// <param name="Message">The message that follows the member: <c>must be text</c>.</param>
internal sealed record Problem(string Member, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => Member.Length == 0 ? Message : $"{Member} {Message}";
}

/// <summary>A request with rules over several members. They are applied only when every single member is valid.</summary>
internal interface IValidatable
{
    /// <summary>Returns all problems; empty when the request is valid.</summary>
    IEnumerable<Problem> Validate();
}
