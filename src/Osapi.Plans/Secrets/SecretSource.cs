using YamlDotNet.Core;

namespace Osapi.Plans.Secrets;

/// <summary>The kinds of places from which a secret is read.</summary>
internal enum SecretKind
{
    /// <summary>A variable of the environment.</summary>
    Env,

    /// <summary>A file of this machine.</summary>
    File,

    /// <summary>A question to the user.</summary>
    Prompt,

    /// <summary>The output of a command on this machine.</summary>
    Command,
}

/// <summary>The declaration of a secret in a plan file.</summary>
/// <param name="Name">The name.</param>
/// <param name="Kind">The kind of its source.</param>
/// <param name="Source">The variable, path or question; the program and its arguments of a command.</param>
/// <param name="Mark">The position in the file.</param>
internal sealed record SecretSource(string Name, SecretKind Kind, IReadOnlyList<string> Source, Mark Mark);
