namespace Osapi.Operations.Json;

/// <summary>One thing that is wrong with a request.</summary>
/// <param name="Member">The path of the member, such as <c>args[1]</c>; empty for the request as a whole.</param>
/// <param name="Message">What is wrong, to follow the member: <c>must be text</c>.</param>
public sealed record Problem(string Member, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => Member.Length == 0 ? Message : $"{Member} {Message}";
}

/// <summary>A request with rules over several members. They are asked only once every single member is right.</summary>
public interface IValidatable
{
    /// <summary>Everything that is wrong; nothing when it is right.</summary>
    IEnumerable<Problem> Validate();
}
