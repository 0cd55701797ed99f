{{- define "checker.selector" -}}
app.kubernetes.io/name: checker
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "checker.metadata" -}}
namespace: {{ .Release.Namespace }}
labels:
  {{- include "checker.labels" . | nindent 2 }}
{{- end }}

{{- define "checker.labels" -}}
{{ include "checker.selector" . }}
app.kubernetes.io/component: admission-webhook
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "checker.secret" -}}
{{ .Values.tlsSecret | default (printf "%s-tls" .Release.Name) }}
{{- end }}

{{- define "checker.host" -}}
{{ printf "%s.%s.svc" .Release.Name .Release.Namespace }}
{{- end }}
