using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Osapi.Operations;

/// <summary>
/// The result of one host in its wire format: a flat object with the members of the result next to <c>hostname</c>, <c>outcome</c>,
/// <c>changed</c>, <c>error</c>, <c>error_type</c>, <c>check</c> and <c>reachable</c>.
/// </summary>
public sealed record HostReply
{
    /// <inheritdoc cref="HostReply{T}.Hostname"/>
    public required string Hostname { get; init; }

    /// <inheritdoc cref="HostReply{T}.Outcome"/>
    public required Outcome Outcome { get; init; }

    /// <inheritdoc cref="HostReply{T}.Changed"/>
    public bool Changed { get; init; }

    /// <inheritdoc cref="HostReply{T}.Error"/>
    public string? Error { get; init; }

    /// <inheritdoc cref="HostReply{T}.ErrorType"/>
    public ErrorType? ErrorType { get; init; }

    /// <inheritdoc cref="HostReply{T}.Check"/>
    public CheckResult? Check { get; init; }

    /// <inheritdoc cref="HostReply{T}.Reachable"/>
    public bool? Reachable { get; init; }

    /// <summary>The result as a JSON object; null when the host produced none.</summary>
    public JsonElement? Result { get; init; }

    /// <summary>True when the object that the result was read from also holds the status, which then is no member of the result.</summary>
    internal bool HasStatus { get; init; }

    /// <summary>True when the operation succeeded or was skipped.</summary>
    public bool Succeeded => Outcome is Outcome.Ok or Outcome.Skipped;

    /// <summary>True when the host changed; for a check, when it would change or when this cannot be predicted.</summary>
    public bool IsChange => Check is { } check ? check.Changed != false : Changed;

    /// <summary>
    /// The outcome in the terms of the Go reference: <c>ok</c>, <c>skipped</c> or <c>failed</c>. The controller adds it as
    /// <c>status</c> unless the operation's result has a member of that name.
    /// </summary>
    public string Status => Outcome switch { Outcome.Ok => "ok", Outcome.Skipped => "skipped", _ => "failed" };

    /// <summary>Returns a copy without the content that requires the permission <c>file:content</c>.</summary>
    internal HostReply WithoutFileContent() => this with { Check = Check?.WithoutFileContent(), Result = RestrictedContent.Without(Result) };

    /// <summary>
    /// Returns the entry with its result as a value of the operation's type. A success whose result cannot be read becomes
    /// <see cref="Outcome.Unknown"/>.
    /// </summary>
    public HostReply<T> As<T>(JsonTypeInfo<T> info)
        where T : notnull
    {
        try
        {
            return With(Result is { } result ? result.Deserialize(info) : default);
        }
        catch (JsonException) when (Outcome != Outcome.Ok)
        {
            // A result that comes with a failure may be incomplete.
            return With<T>(default);
        }
        catch (JsonException exception)
        {
            return With<T>(default) with
            {
                Outcome = Outcome.Unknown,
                Error = $"the result cannot be read: {exception.Message}",
                ErrorType = Operations.ErrorType.Unknown,
            };
        }
    }

    /// <summary>Returns the entry, or <see cref="Outcome.Unknown"/> when it is a success whose result does not match the operation's result type.</summary>
    internal HostReply Readable(JsonTypeInfo info)
    {
        try
        {
            Result?.Deserialize(info);
            return this;
        }
        catch (JsonException) when (Outcome != Outcome.Ok)
        {
            return this;
        }
        catch (JsonException exception)
        {
            return this with { Outcome = Outcome.Unknown, Error = $"the result cannot be read: {exception.Message}", ErrorType = Operations.ErrorType.Unknown };
        }
    }

    private HostReply<T> With<T>(T? result)
        where T : notnull => new()
        {
            Hostname = Hostname,
            Outcome = Outcome,
            Changed = Changed,
            Error = Error,
            ErrorType = ErrorType,
            Check = Check,
            Reachable = Reachable,
            Result = result,
        };
}
