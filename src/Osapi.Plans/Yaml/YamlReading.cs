using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Osapi.Plans.Yaml;

/// <summary>The content of a text as far as it is YAML.</summary>
/// <param name="Root">The root; null when there is none, or the text is not YAML.</param>
/// <param name="Problems">The problems before the place where the text is not YAML.</param>
/// <param name="Failure">The reason that the text is not YAML, or breaks a rule of this reader; null when it could be read.</param>
/// <param name="Place">The position of the failure.</param>
internal sealed record YamlReading(YamlNode? Root, IReadOnlyList<FileProblem> Problems, Exception? Failure, Mark Place);

/// <summary>A text that is YAML but breaks a rule of this reader; its message needs no explanation.</summary>
internal sealed class YamlRuleException(ParsingEvent node, string message) : YamlException(node.Start, node.End, message);
